"""A short description to try the validator with. It has faults a real one might have."""

from __future__ import annotations

from typing import Final

SAMPLE: Final = """\
@prefix dcat:   <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix dct:    <http://purl.org/dc/terms/> .
@prefix foaf:   <http://xmlns.com/foaf/0.1/> .
@prefix healthdcatap: <http://healthdataportal.eu/ns/health#> .
@prefix vcard:  <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd:    <http://www.w3.org/2001/XMLSchema#> .

<https://example.org/dataset/cardio-wgs> a dcat:Dataset ;
    dct:title "Whole genomes of a cardiology cohort"@en ;
    dct:identifier "cardio-wgs" ;
    dct:accessRights <http://publications.europa.eu/resource/authority/access-right/NON_PUBLIC> ;
    dct:issued "spring 2024"^^xsd:date ;
    dcat:keyword "genomics"@en , "cardiology"@en ;
    dcat:theme <http://publications.europa.eu/resource/authority/data-theme/HEAL> ;
    healthdcatap:numberOfUniqueIndividuals "1200"^^xsd:nonNegativeInteger ;
    dct:publisher <https://example.org/hospital> ;
    dcat:contactPoint [ a vcard:Kind ; vcard:fn "Data office" ; vcard:hasEmail "data@example.org" ] ;
    dcat:distribution <https://example.org/dataset/cardio-wgs/request> .

<https://example.org/dataset/cardio-wgs/request> a dcat:Distribution ;
    dct:title "Access on request"@en ;
    dcat:accessURL <https://example.org/apply> .

<https://example.org/hospital> a foaf:Agent ;
    foaf:name "Example University Hospital"@en .
"""
